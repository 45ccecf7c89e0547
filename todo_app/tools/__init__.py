"""What agents can do: the tools behind the MCP server and the assistant, on the services that REST uses."""
