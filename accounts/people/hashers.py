"""One password for every door: Argon2 over the lower-case md5 hex of the plain text (S2).

XDUA's documented calls send the md5, all others the plain text; what is stored serves both. Whoever sends the
md5 where plain text is expected fails, since it is hashed once more.
"""

import hashlib
import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# A hash costs memory and time, as it is to: so many at once in a process, the rest wait their turn.
AT_ONCE = 2
_turns = threading.BoundedSemaphore(AT_ONCE)


def md5_hex(plain: str) -> str:
    """The lower-case md5 hex of a plain text."""
    return hashlib.md5(plain.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


class Md5Argon2Hasher(Argon2PasswordHasher):
    """Django's Argon2, given the md5 of the plain text.

    The costs are OWASP's for Argon2id: at Django's 100 MB a hash, a few bad logins at once double a server (S2).
    """

    algorithm = "argon2_md5"
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turns:
            return super().encode(md5_hex(password), salt)

    def encode_md5(self, md5: str) -> str:
        """What is stored of a password whose md5 alone is known."""
        with _turns:
            return super().encode(md5.lower(), self.salt())

    def verify(self, password: str, encoded: str) -> bool:
        return self.verify_md5(md5_hex(password), encoded)

    def verify_md5(self, md5: str, encoded: str) -> bool:
        """Is this the md5 of the password? For the doors whose document has the md5 sent."""
        with _turns:
            return super().verify(md5.lower(), encoded)
