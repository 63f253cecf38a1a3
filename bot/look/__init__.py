"""How every page looks: colours, type, and the frame that pages stand in."""
