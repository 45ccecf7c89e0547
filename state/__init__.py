"""What a browser tab knows: parse what the person did, call a service, set a small window of vars."""
