"""Collective names (各镇街场及平台, 各领导小组成员单位) and the units that they stand for on a day."""
