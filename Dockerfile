# Any image with Python 3.11 to 3.13 as `python` will do; a deployment names one by its digest.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS dependencies
# requirements-otel.lock for an image that can send traces.
ARG LOCK=requirements.lock
COPY requirements.lock requirements-otel.lock /
RUN python -m venv --without-pip /opt/venv \
 && python -m pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r /${LOCK}

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    B12CDS_BIND=0.0.0.0:8000
# So that the image can be tried with nothing set. A deployment sets API keys or a trust file, and this to false:
# compose.yaml and deploy/kubernetes do.
ENV B12CDS_ALLOW_ANONYMOUS=true
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin b12cds
WORKDIR /app
COPY --from=dependencies /opt/venv /opt/venv
COPY openapi.yaml deploy/healthcheck.py ./
COPY rules ./rules
COPY schemas ./schemas
COPY service ./service
# The root file system may be read-only at run time: compile here.
RUN python -m compileall -q rules schemas service
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "healthcheck.py"]
CMD ["gunicorn", "-c", "service/gunicorn.conf.py", "service.wsgi:app"]
