"""What a user of ovcgen writes, with nothing for a type checker to object to."""

import ovcgen

with ovcgen.simulate("2.4.5") as server:
    auth = ovcgen.ItsYouOnline(server.client_id, server.client_secret, url=server.itsyouonline)
    with ovcgen.connect(server.url, auth=auth) as portal:
        for account in portal.cloudapi.accounts.list():
            print(account["name"])
        task = portal.cloudapi.machines.stop(machineId=1, _async=True)
        ovcgen.wait([task])
        print(portal.wait.machine_halted(machineId=1))
    for change in ovcgen.compare("2.3.0", "2.4.0"):
        print(change.id, change.level, change.operation)
    for path, text in ovcgen.generate("2.4.5").items():
        print(path, text)
    print(ovcgen.portal_client(server.url, auth=auth).actors.cloudapi.accounts.list())
    print(ovcgen.load("2.4.5").document)

try:
    portal.close()
except ovcgen.NotFound as error:
    print(error.status, error.message, error.eco, error.response)
except ovcgen.ClientError as error:
    print(error.what, error.fix)
