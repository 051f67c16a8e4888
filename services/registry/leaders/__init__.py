"""District leaders in contact with projects, enterprises and carriers (区领导联系制度): visits, and problems raised upward."""
