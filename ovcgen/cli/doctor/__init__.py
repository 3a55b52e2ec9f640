"""Find out why a command does not work: the installation, the settings, the network and the portal."""
