"""Kinds of projects (项目类型): which steps their life has, what each needs, and how long each usually takes."""
