SELECT sensor, value FROM lake.copied
