"""Superset for one person or a small office, on loopback: nothing is sent or looked up outside.

kinerja dashboard sets KINERJA_SUPERSET_HOME, the folder of Superset's own database and keys.
"""

import os
from pathlib import Path

HOME = Path(os.environ["KINERJA_SUPERSET_HOME"])

SECRET_KEY = (HOME / "secret_key").read_text().strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"

# A new release is seen at the next query: figures are never cached, and queries take milliseconds.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
FILTER_STATE_CACHE_CONFIG = {
    "CACHE_TYPE": "SupersetMetastoreCache",
    "CACHE_DEFAULT_TIMEOUT": 86400,
}
EXPLORE_FORM_DATA_CACHE_CONFIG = FILTER_STATE_CACHE_CONFIG

# One process on loopback: counting attempts in memory is enough.
RATELIMIT_STORAGE_URI = "memory://"

# The pages may speak to this server only: the shipped policy also lets them reach a usage counter
# and map tiles.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "font-src": ["'self'", "data:"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}

# Numbers as the documents print them: 25.338.739.129 and 3,71.
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}

# Readers look and ask; the file is read-only in any case.
PREVENT_UNSAFE_DB_CONNECTIONS = True
WTF_CSRF_ENABLED = True
ENABLE_PROXY_FIX = False
