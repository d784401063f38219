"""Flask blueprints, one per noun: forms in, HTML out."""
