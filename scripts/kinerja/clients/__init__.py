"""Tools of others on top of the warehouse: MetricFlow's metrics, Apache Superset's dashboard."""
