# store-credit-mock in an image, made from a checkout alone:
#
#     docker build --tag store-credit-mock .
#     docker run --rm --publish 127.0.0.1:4010:4010 store-credit-mock
#
# The two tokens of the default command are known to everybody. Publish the port on loopback, as above, or name your own.

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# Without pip: nothing is installed where the image runs.
RUN python -m venv --without-pip /opt/store-credit-mock
COPY requirements/build.txt requirements/mock.txt requirements/
RUN pip install --require-hashes --no-deps --requirement requirements/build.txt \
    && pip --python /opt/store-credit-mock install --require-hashes --no-deps --requirement requirements/mock.txt

COPY openapi.yaml ./
COPY docs/openapi docs/openapi
COPY sdk sdk
COPY mock mock
RUN pip wheel --no-deps --no-build-isolation --wheel-dir wheels ./sdk ./mock \
    && pip --python /opt/store-credit-mock install --no-deps --no-index wheels/*.whl

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="store-credit-mock" \
    org.opencontainers.image.description="Stateful mock of store credit on VINR and on Spree Commerce" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="0.1.0"

# A number, so that Kubernetes can tell that it is not root. The folder is for --db, --coverage and recordings.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin mock \
    && install --directory --owner=mock --group=mock /data
COPY --from=build /opt/store-credit-mock /opt/store-credit-mock
# In a container loopback leads nowhere: `serve` with other arguments listens on all addresses, too.
ENV PATH=/opt/store-credit-mock/bin:$PATH \
    STORE_CREDIT_MOCK_SERVE_HOST=0.0.0.0
USER 10001
WORKDIR /data
EXPOSE 4010

# By http.client, which no HTTP_PROXY of the container's leads elsewhere. It is for `serve`; other commands serve nothing here.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 4010, timeout=2); c.request('GET', '/_mock/health'); raise SystemExit(c.getresponse().status != 200)"]

# `serve` ends by itself on SIGTERM, with its coverage written, also as process 1.
ENTRYPOINT ["store-credit-mock"]
CMD ["serve", "--control-token", "control", "--spree-token", "spree"]
