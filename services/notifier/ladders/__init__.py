"""How a plan is supervised: its ladder (督办阶梯), hours of sending and digests, in versions; plan apply."""
