"""Change requests (变更申请) for projects and targets: asked, reviewed, decided; the original is kept beside."""
