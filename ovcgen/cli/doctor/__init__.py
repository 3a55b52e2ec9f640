"""Find out why a command does not work: check the installation, the settings, the network and the portal."""
