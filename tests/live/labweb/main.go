// A program for a pod: `web serve` answers with the name of its pod, `web ask URL [SECONDS]` prints what a page says.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	if len(os.Args) >= 3 && os.Args[1] == "ask" {
		seconds := 20
		if len(os.Args) == 4 {
			seconds, _ = strconv.Atoi(os.Args[3])
		}
		os.Exit(ask(os.Args[2], time.Duration(seconds)*time.Second))
	}
	if len(os.Args) == 4 && os.Args[1] == "write" {
		if err := os.WriteFile(os.Args[2], []byte(os.Args[3]), 0o644); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "read" {
		content, err := os.ReadFile(os.Args[2])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Stdout.Write(content)
		return
	}
	http.HandleFunc("/", func(answer http.ResponseWriter, asked *http.Request) {
		fmt.Println("asked by", asked.UserAgent())
		fmt.Fprintln(answer, "this is", os.Getenv("HOSTNAME"))
	})
	fmt.Println("serving")
	if err := http.ListenAndServe(":8080", nil); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// ask tries for some time: a name may be younger than what is remembered of its absence.
func ask(url string, patience time.Duration) int {
	client := http.Client{Timeout: 2 * time.Second}
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		var answer *http.Response
		if answer, err = client.Get(url); err == nil {
			defer answer.Body.Close()
			io.Copy(os.Stdout, answer.Body)
			return 0
		}
	}
	fmt.Println(err)
	return 1
}
