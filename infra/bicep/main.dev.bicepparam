using './main.bicep'

param workload = 'ingest'
param environment = 'dev'
param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param alertEmails = []
