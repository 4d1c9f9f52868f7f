"""The ASGI application that uvicorn serves."""

import os
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise hands small files over synchronously, which Django reports for each one.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reprieve.clinic.config.settings")
application = get_asgi_application()
