"""The MCP server: the tools, resources and prompts as the Model Context Protocol speaks of them."""
