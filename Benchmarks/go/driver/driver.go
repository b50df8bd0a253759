// Package driver measures one kind of work, on demand: the same commands as c/driver.c.
package driver

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Task is what the command line says.
type Task struct {
	URL    string
	File   string
	Expect Found
}

// Found is what was found in an answer. Sum is that of the lengths of all texts and of all orders.
type Found struct{ Clusters, Gateways, Sum int }

// Work is done again and again by one caller.
type Work struct {
	Operations int
	Call       func() any // measured
	Check      func(any)  // not measured: ends the process if the answer is wrong
}

const kept = 4096

type caller struct {
	work  Work
	times []time.Duration
	calls int
}

func (c *caller) call() time.Duration {
	start := time.Now()
	answer := c.work.Call()
	used := time.Since(start)
	c.work.Check(answer)
	return used
}

func (c *caller) callUntil(end time.Time) {
	c.times, c.calls = c.times[:0], 0
	for c.calls < 3 || time.Now().Before(end) {
		used := c.call()
		if len(c.times) < kept {
			c.times = append(c.times, used)
		}
		c.calls++
	}
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func allocations() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

func run(callers []*caller, milliseconds float64) {
	allocated, used, start := allocations(), cpu(), time.Now()
	end := start.Add(time.Duration(milliseconds * 1e6))
	if len(callers) == 1 {
		callers[0].callUntil(end)
	} else {
		var running sync.WaitGroup
		for _, one := range callers {
			running.Add(1)
			go func(one *caller) {
				one.callUntil(end)
				running.Done()
			}(one)
		}
		running.Wait()
	}
	wall := time.Since(start)
	used, allocated = cpu()-used, allocations()-allocated
	times := callers[0].times
	sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
	median := (times[(len(times)-1)/2] + times[len(times)/2]) / 2
	calls := 0
	for _, one := range callers {
		calls += one.calls
	}
	fmt.Printf("calls=%d each=%d wall=%d cpu=%d operations=%d allocations=%d\n", calls, median, wall, used,
		callers[0].work.Operations, allocated)
}

func printPeak() {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			fmt.Printf("peak=%s\n", strings.Fields(line)[1])
		}
	}
}

// Main does what the command line says, with the work of that name.
func Main(workNamed func(name string, task Task) Work) {
	log.SetFlags(0)
	var task Task
	var expect string
	flags := flag.NewFlagSet("driver", flag.ExitOnError)
	flags.StringVar(&task.URL, "url", "", "base URL")
	flags.StringVar(&task.File, "file", "", "the CIDs, one a line")
	flags.StringVar(&expect, "expect", "0,0,0", "clusters, gateways and sum of the answer")
	count := flags.Int("callers", 1, "callers at the same time")
	once := flags.Bool("once", false, "do it once and print the peak of memory")
	if err := flags.Parse(os.Args[2:]); err != nil {
		log.Fatal(err)
	}
	found := &task.Expect
	if _, err := fmt.Sscanf(expect, "%d,%d,%d", &found.Clusters, &found.Gateways, &found.Sum); err != nil {
		log.Fatal(err)
	}
	callers := make([]*caller, *count)
	for place := range callers {
		callers[place] = &caller{work: workNamed(os.Args[1], task)}
		callers[place].call()
	}
	if *once {
		printPeak()
		return
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var milliseconds float64
		if _, err := fmt.Sscanf(lines.Text(), "run %g", &milliseconds); err != nil {
			log.Fatal(err)
		}
		run(callers, milliseconds)
	}
}

// ExpectFound ends the process unless the answer has what the task says. If it was only looked at,
// then the number of clusters is all that is known.
func ExpectFound(task Task, found Found, looked bool) {
	if found.Clusters != task.Expect.Clusters || !looked && found != task.Expect {
		log.Fatalf("wrong answer: %+v", found)
	}
}

// Contents reads as many CIDs from the task's file.
func Contents(task Task, count int) []string {
	text, err := os.ReadFile(task.File)
	if err != nil {
		log.Fatal(err)
	}
	return strings.Fields(string(text))[:count]
}

// Base is the gateway of all URLs.
const Base = "https://gateway.pinarkive.com/ipfs/"

// ExpectURLs ends the process unless these are the URLs of the contents.
func ExpectURLs(contents []string, url func(place int) string) {
	for place, content := range contents {
		if url(place) != Base+content {
			log.Fatalf("the URL of %s is %s", content, url(place))
		}
	}
}

// URLOfEach makes a URL for one content after the other.
func URLOfEach(task Task, count int, url func(content string) string) Work {
	contents := Contents(task, count)
	return Work{
		Operations: count,
		Call: func() any {
			urls := make([]string, len(contents))
			for place, content := range contents {
				urls[place] = url(content)
			}
			return urls
		},
		Check: func(answer any) {
			ExpectURLs(contents, func(place int) string { return answer.([]string)[place] })
		},
	}
}
