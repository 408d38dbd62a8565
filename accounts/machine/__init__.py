"""The machinery that acts: the executor, the only writer of states, and the sweeps that write down what time did."""
