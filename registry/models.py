"""Index of the rooms' models, so that Django finds them."""

from registry.accounts.models import *  # noqa: F403
from registry.approvals.models import *  # noqa: F403
from registry.areas.models import *  # noqa: F403
from registry.certifications.models import *  # noqa: F403
from registry.desk.models import *  # noqa: F403
from registry.enterprises.models import *  # noqa: F403
from registry.imports.models import *  # noqa: F403
from registry.plans.models import *  # noqa: F403
from registry.records.models import *  # noqa: F403
from registry.reference.models import *  # noqa: F403
from registry.releases.models import *  # noqa: F403
from registry.statistics.models import *  # noqa: F403
from registry.supply.models import *  # noqa: F403
from registry.support.models import *  # noqa: F403
from registry.visits.models import *  # noqa: F403
from registry.worklists.models import *  # noqa: F403
