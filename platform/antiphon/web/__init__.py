"""The page shell, the built bundle and the SoundFont."""
