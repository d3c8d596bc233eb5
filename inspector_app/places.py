"""Where the product's own data lies; a leaf that every room may read and that reads none."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "forms"
RESOURCES = ROOT / "resources"
MIGRATIONS = ROOT / "db"
