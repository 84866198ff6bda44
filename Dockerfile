ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS dependencies
COPY requirements.lock /
RUN python -m venv --without-pip /opt/venv \
 && python -m pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r /requirements.lock

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    B12CDS_BIND=0.0.0.0:8000
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin b12cds
WORKDIR /app
COPY --from=dependencies /opt/venv /opt/venv
COPY openapi.yaml ./
COPY rules ./rules
COPY schemas ./schemas
COPY service ./service
# The root file system may be read-only at run time: compile here.
RUN python -m compileall -q rules schemas service
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=15s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['B12CDS_BIND'].rpartition(':')[2] + '/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "service/gunicorn.conf.py", "service.wsgi:app"]
