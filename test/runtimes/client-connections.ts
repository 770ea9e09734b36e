import { Agent, setGlobalDispatcher } from 'undici';

// workerd closes a connection that was idle for 5 s. A client whose own timer is late, because the
// machine is busy, would send its next request on a connection that is being closed.
setGlobalDispatcher(new Agent({ keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 }));
