FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.lock .
# The virtual environment holds no pip: nothing can be added to the running image.
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PROFILE=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin service
WORKDIR /srv
COPY --from=packages /opt/venv /opt/venv
COPY migrations migrations
COPY app app
# Compiled once here, because the running container may not write.
RUN python -m compileall -q app migrations
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=2)"]
CMD ["python", "-m", "app", "serve"]
