"""Parts of the benchmarks of deliveries: a receiver, what processes cost, our side and the Node.js worker beside it."""
