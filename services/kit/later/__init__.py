"""Long work (长任务): a file is taken whole and answered 202; the service's worker imports it, a job tells how far it is."""
