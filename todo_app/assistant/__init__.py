"""The assistant: a typed sentence becomes calls of the tools that programs use, and an answer."""
