//! Tests of the binary and of the workspace's shape.

mod edges;
