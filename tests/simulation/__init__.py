"""Worlds that live for months in seconds, and an oracle who reads only what stands on the networks.

How it works. The services are the real ones; everything they reach through a port is simulated: networks, machines with
clocks and disks, people, a content folder. The ports are the only places where one thing can overtake another. Daemons
are threads, but only the holder of one baton runs, and the seed alone decides who (baton.py): a failing world is told
again by `python -m tests.simulation --seed N`. A crash kills one incarnation: from then on its ports refuse.

What goes wrong (weather.py): crashes before and after each commit and each call, processes stopped for minutes or half
a day between any two calls, a database away, flaky, full, or committing with an error; reads that fail, lag, or show
only the newest posts; publish calls with an effect and no answer, an answer and a late effect, neither; 401, 402, 429,
refused texts, an adapter's bug; clocks off by minutes, hours, years, and right again; messages that do not go out; a
folder unreadable or empty. People (people.py) write, edit, withdraw, approve and unapprove, also between decision and
send; save a file half written; post and paste by hand; edit and delete on the network, ours and theirs; put STOP files;
restore last night's backup; answer the phone within a day, and `resolve` what is held.

What must hold (oracle.py), at each send: never twice, never unapproved, never a flood, never needlessly, never while
stopped. Each hour: never silent (calm, open, unexcused time has passed since the account had to speak), never mute.
After days of calm: never lost (every post of ours that stands there has its receipt, the spool is empty, no doubt
hangs, every post of the folder is in the queue). A receipt must always tell the truth. mutations.py keeps the mistakes
that this must notice.

What no program can know, and the simulation therefore does not ask:

- A human deletes, hides or edits our post after its answer was lost and before the first read: it looks as if it had
  never been, and is said again after a day. The same if a restored backup does not know the receipt.
- An effect that a network lets appear later than the adapter's `absence_after`, counted from the end of the call.
- A backup restored while a call is in doubt, or within the time by which a read may lag (15 minutes here; a restore
  takes longer): the doubt is forgotten, and what took effect may not be visible yet.
- A process stopped between its last check and the first byte of the call, for longer than `absence_after`: nothing can
  be checked between the two. (Ten minutes are simulated; more only where a check still follows.)
- What was said before the database began, or before a backup that knew nothing yet: only the newest few posts are read.
- What a human pastes between our last read and our call, and what humans say of a held post.
- A backup restored while the folder or a file of it cannot be read: what stood in it then is all there is, also what
  was withdrawn since.
- A machine whose clock was ahead by less than a day and that dies before it is right again: nobody is left to know that
  its accounts were put off; they are looked at when the looks it planned come due.
"""
