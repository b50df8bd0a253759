#!/usr/bin/env python3
"""Real programs between the library and the fault server: nginx, haproxy and tinyproxy.

    peers.py CERTIFICATES -- COMMAND [ARGUMENT …]

Is itself a command of faults.py. Runs its command with the ports in its environment:

    FAULT_NGINX          nginx with TLS before the fault server; closes a connection after 5 requests
    FAULT_NGINX_H2       the same with HTTP/2
    FAULT_NGINX_LIMIT    lets one request in, and answers 429 to the rest of that minute
    FAULT_NGINX_DOWN     has nothing behind it
    FAULT_HAPROXY        haproxy with TLS before the fault server; waits half a second for an answer
    FAULT_HAPROXY_DOWN   has nothing behind it
    FAULT_TINYPROXY      a proxy that makes tunnels
    FAULT_TINYPROXY_TLS  the first of these, with TLS before it
    FAULT_TINYPROXY_407  one that wants a login, user and secret
    PEER_NGINX           the process to which SIGHUP means: begin anew
    PEER_LOGS            the folder with tinyproxy's logs
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
worker_processes 2;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  ssl_certificate {certificate};
  ssl_certificate_key {certificate};
  limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
  keepalive_requests 5;
  server {{
    listen 127.0.0.1:{NGINX} ssl;
    location / {{ proxy_pass http://127.0.0.1:{plain}; }}
  }}
  server {{
    listen 127.0.0.1:{NGINX_H2} ssl http2;
    location / {{ proxy_pass http://127.0.0.1:{plain}; }}
  }}
  server {{
    listen 127.0.0.1:{NGINX_LIMIT} ssl;
    limit_req zone=few;
    limit_req_status 429;
    location / {{ proxy_pass http://127.0.0.1:{plain}; }}
  }}
  server {{
    listen 127.0.0.1:{NGINX_DOWN} ssl;
    location / {{ proxy_pass http://127.0.0.1:{refused}; }}
  }}
}}
"""

HAPROXY = """
global
  maxconn 256
defaults
  mode http
  timeout connect 500ms
  timeout client 60s
  timeout server 500ms
frontend up
  bind 127.0.0.1:{HAPROXY} ssl crt {certificate}
  default_backend faults
frontend down
  bind 127.0.0.1:{HAPROXY_DOWN} ssl crt {certificate}
  default_backend nothing
frontend proxy
  mode tcp
  timeout client 60s
  bind 127.0.0.1:{TINYPROXY_TLS} ssl crt {certificate}
  default_backend tunnels
backend faults
  server one 127.0.0.1:{plain}
backend tunnels
  mode tcp
  timeout server 60s
  server one 127.0.0.1:{TINYPROXY}
backend nothing
  server one 127.0.0.1:{refused}
"""

TINYPROXY = """
Port {port}
Listen 127.0.0.1
Timeout 60
LogFile "{folder}/{name}.log"
LogLevel Connect
MaxClients 50
Allow 127.0.0.1
{more}
"""

PORTS = ("NGINX", "NGINX_H2", "NGINX_LIMIT", "NGINX_DOWN", "HAPROXY", "HAPROXY_DOWN", "TINYPROXY",
         "TINYPROXY_407", "TINYPROXY_TLS")


def free_ports(count):
    """Ports that nobody has at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for(ports, programs):
    for port in ports:
        for _ in range(200):
            for program in programs:
                if program.poll() is not None:
                    sys.exit(f"peers: {program.args[0]} ended with {program.returncode}")
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit(f"peers: nobody listens at {port}")


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit(__doc__)
    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory(prefix="hostile-peers-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        ports = dict(zip(PORTS, free_ports(len(PORTS))))
        values = {**ports, "folder": folder, "plain": os.environ["FAULT_PLAIN"],
                  "refused": os.environ["FAULT_REFUSED"],
                  "certificate": pathlib.Path(sys.argv[1]).resolve() / "good.pem"}

        programs = []

        def start(program, *options, text, configuration, **more):
            path = folder / f"{configuration}.conf"
            path.write_text(text.format(**values, **more))
            programs.append(subprocess.Popen([program, *options, path], stdin=subprocess.DEVNULL))

        try:
            # The certificate lies in a folder that only its maker may read.
            user = ["-g", "user root;"] if os.geteuid() == 0 else []
            start("nginx", "-e", folder / "nginx.log", *user, "-c", text=NGINX,
                  configuration="nginx")
            start("haproxy", "-q", "-f", text=HAPROXY, configuration="haproxy")
            for name, more in (("tinyproxy", ""), ("tinyproxy_407", "BasicAuth user secret")):
                start("tinyproxy", "-d", "-c", text=TINYPROXY, configuration=name, name=name,
                      port=ports[name.upper()], more=more)
            wait_for(ports.values(), programs)
            child = subprocess.Popen(sys.argv[3:], env={
                **os.environ, **{f"FAULT_{name}": str(port) for name, port in ports.items()},
                "PEER_NGINX": str(programs[0].pid), "PEER_LOGS": str(folder)})
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: child.terminate())
            result = child.wait()
        finally:
            for program in programs:
                program.terminate()
            for program in programs:
                program.wait()
    sys.exit(result if result >= 0 else 128 - result)


if __name__ == "__main__":
    main()
