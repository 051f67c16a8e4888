"""The steps of a project (项目流转): proposed by units, decided by the leading-group office, kept for ever."""
