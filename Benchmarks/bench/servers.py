"""The servers of a run, on loopback: nginx for the service, php-fpm for pages. They end with the run."""

import contextlib
import glob
import http.client
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from .answers import write_bodies
from .places import CERTIFICATES, HERE, LIBRARY, OUT, ROOT

FOLDER = OUT / "servers"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(command, port, log, **options):
    """A server, once it listens; ended at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
    try:
        for _ in range(200):
            if process.poll() is not None:
                sys.exit(f"bench: {command[0]} does not start:\n{log.read_text()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Nginx:
    """Serves the three answers by http, and by TLS with HTTP/2; and php-fpm's pages."""

    def __init__(self):
        self.http_port, self.tls_port, self.page_port, self.fpm_port = (free_port() for _ in range(4))
        self.urls = {
            "http": f"http://127.0.0.1:{self.http_port}",
            "TLS": f"https://127.0.0.1:{self.tls_port}",
        }

    def configuration(self):
        # Without it, root would be somebody else, who cannot read this folder everywhere.
        user = "user root root;" if os.geteuid() == 0 else ""
        return f"""
{user}
daemon off;
master_process off;
pid {FOLDER}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/json;
  client_body_temp_path {FOLDER}/body;
  proxy_temp_path {FOLDER}/proxy;
  fastcgi_temp_path {FOLDER}/fastcgi;
  uwsgi_temp_path {FOLDER}/uwsgi;
  scgi_temp_path {FOLDER}/scgi;
  sendfile on;
  tcp_nodelay on;
  open_file_cache max=16;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  add_header X-RateLimit-Limit 100;
  add_header X-RateLimit-Remaining 99;
  server {{
    listen 127.0.0.1:{self.http_port};
    listen 127.0.0.1:{self.tls_port} ssl http2;
    ssl_certificate {CERTIFICATES}/server.pem;
    ssl_certificate_key {CERTIFICATES}/server.pem;
    location ~ ^/([sml])/users/me/clusters$ {{ alias {FOLDER}/bodies/$1; }}
  }}
  server {{
    listen 127.0.0.1:{self.page_port};
    location ~ ^/page-(library|curl)$ {{
      fastcgi_pass 127.0.0.1:{self.fpm_port};
      fastcgi_param SCRIPT_FILENAME {HERE}/php/page-$1.php;
      fastcgi_param REQUEST_METHOD GET;
    }}
  }}
}}
"""

    @contextlib.contextmanager
    def running(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_bodies(FOLDER / "bodies")
        (FOLDER / "nginx.conf").write_text(self.configuration())
        command = ["nginx", "-p", str(FOLDER), "-c", str(FOLDER / "nginx.conf")]
        # Debian has it where only root looks.
        path = os.environ["PATH"] + ":/usr/sbin"
        with running(
            command, self.http_port, FOLDER / "nginx.log", env={**os.environ, "PATH": path}
        ) as process:
            self.process = process
            yield self


def fpm_program():
    for pattern in ("/usr/sbin/php-fpm*", "/usr/local/sbin/php-fpm*"):
        for path in sorted(glob.glob(pattern), reverse=True):
            return path
    return shutil.which("php-fpm")


@contextlib.contextmanager
def php_fpm(nginx, settings):
    """One worker, set up as the binding's README says. Returns a function that gets a page, and the
    number of the worker's process."""
    package = ROOT / "bindings" / "php"
    lines = [
        "ffi.enable=preload",
        f"ffi.preload={package}/src/Internal/pinarkive.cdef.h",
        "opcache.enable=1",
        f"opcache.preload={package}/preload.php",
    ]
    before, as_root = [], []
    pool = [
        "[global]", "daemonize = no", "error_log = /dev/stderr",
        "[www]", f"listen = 127.0.0.1:{nginx.fpm_port}", "pm = static", "pm.max_children = 1",
        f"env[PINARKIVE_API_URL] = {nginx.urls['TLS']}/m", "env[PINARKIVE_API_KEY] = benchmark",
    ]  # fmt: skip
    pool += [f"env[{name}] = {value}" for name, value in settings.items()]
    if pathlib.Path("/proc/self/setgroups").read_text().strip() == "deny":
        # Benchmarks/run made this user root in a name space of its own, where php-fpm cannot be root.
        before = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    elif os.geteuid() == 0:
        # The benchmark's own user, who can read this folder wherever it is.
        lines.append("opcache.preload_user=root")
        pool += ["user = root", "group = root"]
        as_root = ["--allow-to-run-as-root"]
    (FOLDER / "php.ini").write_text("\n".join(lines) + "\n")
    (FOLDER / "fpm.conf").write_text("\n".join(pool) + "\n")
    command = [
        *before, fpm_program(), "--nodaemonize", *as_root,
        "-c", str(FOLDER / "php.ini"), "-y", str(FOLDER / "fpm.conf"),
    ]  # fmt: skip
    environment = {**os.environ, "LD_LIBRARY_PATH": str(LIBRARY.parent)}
    with running(command, nginx.fpm_port, FOLDER / "fpm.log", env=environment) as process:
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        with open(children) as file:
            worker = int(file.read().split()[0])
        connection = http.client.HTTPConnection("127.0.0.1", nginx.page_port, timeout=20)

        def page(name):
            connection.request("GET", f"/page-{name}")
            return connection.getresponse().read().decode()

        yield page, worker
        connection.close()
