# The image: `tracker` as an ordinary user, its config in /config, its data in /data, all else read-only. docs/container.md
# tells how to run it. Podman drops HEALTHCHECK unless it builds with `--format docker`.
ARG BASE_IMAGE=python:3.13-slim

# --- everything that is installed, in an environment of its own ---------------------------------------------------------------
FROM ${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
WORKDIR /src

# The libraries first: they change more rarely than we do, so a rebuild reuses them.
COPY requirements.txt ./
RUN /opt/venv/bin/python -m pip install --quiet --no-compile --require-hashes -r requirements.txt

# Then ourselves. What only building needed goes away again.
COPY pyproject.toml setup.py MANIFEST.in babel.cfg README.md LICENSE ./
COPY adapters adapters
COPY tracker tracker
RUN /opt/venv/bin/python -m pip install --quiet --no-compile --no-deps --no-build-isolation . \
    && /opt/venv/bin/python -m pip uninstall --quiet --yes babel setuptools \
    && /opt/venv/bin/python -m pip check \
    && /opt/venv/bin/python -m pip uninstall --quiet --yes pip

# Nothing can be compiled later on a root that is read-only: without this every command would start seconds later.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

# --- what runs ----------------------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE}
ARG BASE_IMAGE
LABEL org.opencontainers.image.title="Tracker" \
      org.opencontainers.image.description="Reads where an application stands from the authority's public progress page, politely, and tells your phone the moment it moves." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"

# Python's own images ship its library uncompiled; where it is compiled already this adds nothing.
# The folders belong to the user before they become volumes, so a new named volume belongs to it too.
RUN python -c "import compileall, re, sysconfig; compileall.compile_dir(sysconfig.get_path('stdlib'), quiet=2, rx=re.compile('/(site-packages|dist-packages|test|tests|idlelib|lib2to3)/'))" \
    && echo 'tracker:x:10001:10001:Tracker:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
    && echo 'tracker:x:10001:' >> /etc/group \
    && mkdir -m 0700 /config /data \
    && chown 10001:10001 /config /data
COPY config.example.toml LICENSE /usr/share/doc/tracker/
COPY --from=build /opt/venv /opt/venv

ENV PATH=/opt/venv/bin:$PATH \
    HOME=/nonexistent \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1
# By number, so that who forbids root can see that this is none.
USER 10001:10001
WORKDIR /data
VOLUME ["/config", "/data"]
# Only on loopback unless TRACKER_WEB__LISTEN says otherwise, which then needs a password: compose.yaml does both.
EXPOSE 8300
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["tracker", "health"]
ENTRYPOINT ["tracker"]
CMD ["serve"]
