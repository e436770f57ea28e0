"""From the leaves of a weighted tree to every node: influence values go along the derivatives."""

from __future__ import annotations

import numpy as np

from zhiheng.sampling.arrays import Floats
from zhiheng.sampling.estimates import Estimates


def node_influence(leaf_influence: Floats, partials: Floats) -> Floats:
    """Influence (files, nodes) of every file on every node of a tree.

    leaf_influence: (files, leaves). partials: (nodes, leaves), the derivative of each node by each
    leaf at the estimated leaves; 0 where a leaf is not below a node or is not there. By the chain
    rule (delta method) a node is as smooth a function of the leaves as its derivative says; for a
    node with a step use the bootstrap.
    """
    return np.asarray(leaf_influence @ np.asarray(partials, np.float64).T)


def nodes(leaves: Estimates, values: Floats, partials: Floats) -> Estimates:
    """Nodes as estimates: their values (nodes,) with the influence that comes up the tree."""
    return Estimates(np.asarray(values, np.float64), node_influence(leaves.influence, partials))
