"""Where the bundle of the bureau's server begins."""

from bureau_server.main import main

raise SystemExit(main())
