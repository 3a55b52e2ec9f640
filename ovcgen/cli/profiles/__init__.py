"""Read profiles (named settings of portals) from the user's and the project's file, and choose one of them."""
