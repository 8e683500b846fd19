def init():
    """Write

    Examples:
      rosace x
    """
