"""What can be done with gateways, apps and AppCodes beyond a bare move."""
