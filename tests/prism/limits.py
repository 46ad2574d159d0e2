"""Where Prism 5.16 and the check against the document by JSON Schema part ways. test_limits.py shows each entry."""

__all__ = ["LIMITS", "STRICTER"]

LIMITS = {
    # Of requests
    "brackets in a name": "Printing its routes, Prism renames `expand[]` to `expand%5B%5D` for good, so that it never "
    "finds it in a request.",
    "closed forms": "Prism takes the fields it knows out of a form and checks these; others it does not see.",
    "decimal places": "`x-decimal-places` is a keyword of ours, which Prism does not know: 1.005 is an amount.",
    "empty parameters": "Prism takes an empty query parameter or header for one that is not there, in spite of "
    "`minLength`.",
    "malformed JSON": "Prism never answers a body that cannot be parsed, neither with a refusal nor otherwise.",
    "members twice": "Of two members of one name Prism's JSON reader keeps the last, and nobody hears of the other.",
    "names outside Latin-1": "Prism puts the name of an unknown member into a header. One that no header can hold ends "
    "the process.",
    "null for a body": "A body that is JSON's null counts as none, and passes where none is needed.",
    "numbers in texts": "In parameters and forms a number is whatever JavaScript takes for one: 1e1, 0x1, 1.0, +5.",
    "objects in the query": "Of a `deepObject` Prism looks at known keys alone, at lists only as `[0]`, and drops the "
    "rest (prism#2017). `filter` and `fields` are as good as unchecked.",
    "parameters twice": "A list that comes in one text, parted by commas, may come in two texts to Prism.",
    "repeated fields": "Of a form's field that comes twice Prism sees the last.",
    "unknown parameters": "OpenAPI does not forbid query parameters it does not name. For us each is a mistake; Prism "
    "has no such setting.",
    # Of both sides
    "decimal texts": "The format `decimal` is ours; Prism passes over formats it does not know. (`unix-time` stands on "
    "numbers alone and loses nothing: its range is in the schema as well.)",
    "kinds of JSON": "To Prism any `application/*+json` is `application/json`. Of two documented for one answer it "
    "checks the schema of the first alone.",
    "uncompilable schemas": "A schema that Prism's validator cannot compile takes everything, without a word in the "
    "log. No schema of the document is one: test_validation.py.",
    # Of answers
    "forms of a time": "Prism's `date-time` lets pass a blank in place of the T and an offset without a colon.",
    "open answers": "Schemas of responses are open for the sake of live servers. Tests use a copy closed by machine; "
    "Prism reads the document as it is.",
    "undocumented errors": "An undocumented 4xx or 5xx is a warning to Prism, even with `--errors`.",
    "unimplemented": "For a 501 of the server the proxy answers with an example, 200, as if nothing had happened.",
    "redirects": "The proxy follows a redirect and shows the response at its end.",
    # Of what goes the other way
    "webhooks": "Prism ignores `webhooks` (prism#754): it knows no event, right or wrong.",
}
"""What Prism lets pass although the document forbids it."""

STRICTER = {
    "aliases": "`x-aliases` is ours: PATCH for VINR's update and PUT for Spree's are 405 to Prism.",
    "bearer in small letters": "The name of a scheme has no case (RFC 9110, 11.1); Prism knows `Bearer` and no other.",
    "content negotiation": "Spree sends its own kind of JSON whatever `Accept` asks for, as a recording shows; Prism "
    "answers 406 to who asks for `application/json`.",
    "credentials elsewhere": "`x-alternative: header` is ours: the order token may stand in the query instead, where "
    "Prism does not look for it.",
    "HEAD": "Every server answers HEAD where it answers GET; Prism wants it documented.",
    "preparing calls": "Before store credit is put on a cart, somebody adds customers and fills carts: of Spree's API "
    "v3 the mock plays a few calls that the document leaves out.",
    "typed 304": "The proxy reads a body from every response whose type is JSON, also from a 304, which never has one.",
}
"""What Prism refuses although the document allows it."""
