"""What `dramatiq antiphon.node.main` loads: the broker, and an actor for each kind of job."""

import logging
import threading

import dramatiq
from dramatiq.middleware import Middleware

from antiphon.bell import BellBroker
from antiphon.node.client import NodeClient
from antiphon.node.configuration import Configuration
from antiphon.node.errors import NodeError
from antiphon.node.worker import NodeWorker, warm_up

log = logging.getLogger(__name__)

# By the actor's name, which is the job's kind.
QUEUES = {"train": "train", "report": "train", "sample": "sample", "rewrite": "sample", "likelihood": "sample"}


class Life(Middleware):
    """Introduces the node when its process begins, and lets training stop in good order when it ends."""

    def __init__(self, worker: NodeWorker) -> None:
        self.worker = worker

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Load TensorFlow and greet the platform, beside the first messages."""
        threading.Thread(target=self._introduce, name="introduction", daemon=True).start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Ask what runs to stop: it is given back, and another node goes on from its last state."""
        self.worker.stopping.set()

    def _introduce(self) -> None:
        try:
            said = self.worker.client.hello(warm_up())
        except NodeError as error:
            log.error("the platform does not know this node yet: %s", error)
        else:
            log.info("this is node %s", said.get("node"))


def node_broker(configuration: Configuration) -> BellBroker:
    """A broker with the actors. No time limits: training takes as long as it takes; jobs retry by their row."""
    worker = NodeWorker(NodeClient(configuration.api_url, configuration.token))
    broker = BellBroker(url=configuration.redis_url, middleware=[Life(worker)])  # type: ignore[no-untyped-call]
    for kind, queue in QUEUES.items():
        dramatiq.actor(actor_name=kind, queue_name=queue, broker=broker)(worker.work)
    return broker


logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logging.getLogger("httpx").setLevel(logging.WARNING)
broker = node_broker(Configuration.from_environment())
dramatiq.set_broker(broker)
