"""The photographs: one large on the stage, all of them small in a strip, and the facts of the large one."""
