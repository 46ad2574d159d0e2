// The section that is being read is marked in the navigation and in the contents of the page. Loaded by every page, once it
// is drawn.
"use strict";
window.scrollSpy = (links) => {
  const root = document.documentElement;
  const sections = [...new Set(links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))))].filter(Boolean);
  let waiting = false;
  const show = () => {
    waiting = false;
    const line = parseFloat(getComputedStyle(root).scrollPaddingTop) + 24;
    const ended = innerHeight + scrollY >= root.scrollHeight - 2;
    const read = sections.filter((one) => one.getBoundingClientRect().top <= (ended ? innerHeight : line)).at(-1);
    for (const link of links) {
      const here = read && link.hash === `#${read.id}`;
      if (here === link.hasAttribute("aria-current")) continue;
      if (!here) { link.removeAttribute("aria-current"); continue; }
      link.setAttribute("aria-current", "location");
      const box = link.closest(".toc, .menu");
      const { top, bottom } = link.getBoundingClientRect();
      const frame = box.getBoundingClientRect();
      if (bottom > frame.bottom) box.scrollTop += bottom - frame.bottom + 16;
      else if (top < frame.top) box.scrollTop -= frame.top - top + 16;
    }
  };
  addEventListener("scroll", () => { waiting ||= requestAnimationFrame(show); }, { passive: true });
  show();
};
