"""How a command of the cluster ends without having done its work."""


class ClusterError(Exception):
    """Machine, cluster or command are not what they must be; the message says what to do."""
