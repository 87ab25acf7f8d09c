import os, sys
if sys.version_info < (3, 12):
    sys.exit("The supervisor needs Python 3.12 or newer, this image has " + sys.version.split()[0] + ".")
path = os.environ.get("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
os.execve(sys.executable, ["python3", "-P", "-s", "-X", "utf8", "-c", *sys.argv[1:]],
          {"PATH": path, "HOME": "/work", "TMPDIR": "/work", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"})
