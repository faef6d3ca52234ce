# One image for web, worker, beat, portal and migrations; the command decides.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home --home-dir /state bureau
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-deps --require-hashes -r requirements/base.txt
COPY . .
# Hashed names are made here, so a running container writes nothing into the image.
RUN python manage.py collectstatic --noinput --verbosity 0 && mkdir -p /state/media && chown -R bureau /state
ENV VAR_DIR=/state
USER bureau
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-m", "wuhai_exec.health_probe"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "wuhai_exec.wsgi:application"]
