"""Celery's own settings: broker from the environment, acknowledged late, no results kept."""

from wuhai_exec import environment as env

_redis = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
# For the same socket redis-py says unix://…?db=1 and Celery's transport redis+socket://…?virtual_host=1.
broker_url = (
    "redis+socket://" + _redis.removeprefix("unix://").replace("?db=", "?virtual_host=")
    if _redis.startswith("unix://")
    else _redis
)
task_ignore_result = True
task_acks_late = True
worker_prefetch_multiplier = 1
timezone = "Asia/Shanghai"
broker_connection_retry_on_startup = True
beat_max_loop_interval = 5
