"""What indicators hold of an enterprise that was merged goes on under the one that stands for it (企业合并)."""
